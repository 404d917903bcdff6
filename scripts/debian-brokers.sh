#!/bin/sh
# Brings the brokers of another Debian suite into a folder, beside those installed, and says how to have the tests use them:
#
#   scripts/debian-brokers.sh trixie /opt/brokers-trixie
#
# RabbitMQ needs the Erlang of its own suite, so it runs in a chroot. Its mounts are its process's own and end with it; the
# process id is the server's, so that tests can kill and stop it. Run as root on a Debian that has debootstrap. The
# mirror is that of this machine's apt. To be rid of it all, remove the folder.
set -eu

suite=${1:?the suite: trixie, sid}
folder=$(realpath -m "${2:?the folder, which is made}")
scratch=$(realpath "${TMPDIR:-/tmp}")
root=$folder/root
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)

mkdir -p "$folder/bin"
if [ ! -x "$root/usr/lib/rabbitmq/bin/rabbitmq-server" ]; then
  debootstrap --variant=minbase --include=rabbitmq-server,nats-server "$suite" "$root" "$mirror"
fi
mkdir -p "$root$scratch"
# Newer Erlangs ask nobody but this file where localhost is.
grep -q localhost "$root/etc/hosts" 2> /dev/null || echo '127.0.0.1 localhost' > "$root/etc/hosts"

for name in rabbitmq-server rabbitmqctl; do
  cat > "$folder/bin/$name" << END
#!/bin/sh
exec unshare --mount sh -c 'for each in /proc /dev "$scratch"; do mount --rbind "\$each" "$root\$each"; done
exec chroot "$root" "/usr/lib/rabbitmq/bin/$name" "\$@"' "$name" "\$@"
END
  chmod +x "$folder/bin/$name"
done

echo "RabbitMQ $(chroot "$root" dpkg-query -f '${Version}' -W rabbitmq-server), $("$root/usr/sbin/nats-server" --version)"
echo "export RECORDCAST_RABBITMQ=$folder/bin/rabbitmq-server RECORDCAST_NATS_SERVER=$root/usr/sbin/nats-server"
