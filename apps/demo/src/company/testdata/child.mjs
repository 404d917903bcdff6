// A process that answers like one of the demo's, and dies when it is asked to.
process.on('message', ({ ask, verb, input }) => {
  if (verb === 'throw') throw new RangeError(input)
  if (verb === 'exit') process.exit(input)
  if (verb === 'role') process.send({ answer: ask, value: process.argv.at(-1) })
})
