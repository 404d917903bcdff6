export { type PrometheusClient, prometheus } from './prometheus.js'
