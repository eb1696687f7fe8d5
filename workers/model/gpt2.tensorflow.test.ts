import { describeModelOn } from '@/workers/model/testing/model-guarantees'

describeModelOn('tensorflow')
