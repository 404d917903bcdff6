import { sitScenarios } from '../testdata/sit-scenarios.js'

sitScenarios('amqp')
