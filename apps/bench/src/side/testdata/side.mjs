// A side that gives back how often it was told something, by whose name it does otherwise.
const { of } = JSON.parse(process.argv[3])
let told = 0
process.on('disconnect', () => process.exit())
if (of === 'fails to open') process.send({ failure: 'no broker' })
else {
  process.send({ figures: {} })
  process.on('message', ({ run }) => {
    if (of === 'ends' && run === 'rig') process.exit()
    process.send({ figures: { told: ++told } })
  })
}
