/*
What may be observed of sources and listeners, without a word about who observes. A connection that has none of it costs nothing: whoever would tell asks first whether
anybody listens. `recordcast/opentelemetry` and `recordcast/prometheus` are two that do.
*/

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A piece of work that is under way, as part of a trace. */
export interface Span {
  /** W3C Trace Context of this very span; undefined where nothing is traced. */
  readonly traceparent: string | undefined
  /** A part of this work, begun now. */
  child(name: string, attributes?: SpanAttributes): Span
  set(attributes: SpanAttributes): void
  /** Runs a function, and what it begins, as part of this work. */
  within<T>(run: () => T): T
  /** The work has ended; with what was thrown if it failed. Once. */
  end(failure?: { readonly error: unknown }): void
}

export interface Tracer {
  /**
   * Begins a piece of work.
   *
   * @param kind 'producer' is part of whatever is under way where it is called; 'consumer' is part of nothing but its parent
   * @param parent W3C Trace Context of the work that it belongs to; one that is malformed counts as none
   */
  start(name: string, kind: 'producer' | 'consumer', attributes: SpanAttributes, parent?: string): Span
}

/** The values of labels, each from a bounded set. */
export type Labels = Readonly<Record<string, string>>

/** Takes what is counted and measured. Names, labels and units are those of `instruments`. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, labels: Labels, by: number): void
  /** One observation of a histogram, in seconds or bytes as its name says. */
  observe(name: string, labels: Labels, value: number): void
}

export interface Telemetry {
  readonly tracer?: Tracer
  readonly metrics?: Metrics
}
