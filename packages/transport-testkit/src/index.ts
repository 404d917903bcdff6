export { type ExamCase, examCases } from './exam.js'
export type { Harness, Room } from './room.js'
export { type Skip, sitExam } from './sit.js'
