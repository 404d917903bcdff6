/** Something that is set up and does its load as often as it is told; what a run gives is figures by name. */
export interface Rig<Figures> {
  run(): Promise<Figures>
  close(): Promise<void>
}
