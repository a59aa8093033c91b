/** All patterns of the measured mode, in its order, and what the model makes of them. */
import { CHASE_MODELS } from './chases.ts';
import { COPY_MODELS } from './copies.ts';
import { LINE_STATE_MODELS } from './line-states.ts';
import { MESSAGE_MODELS } from './messages.ts';
import { MIX_MODELS } from './mixes.ts';
import type { AbsentPattern, ModelledPattern } from './pattern.ts';
import { STREAM_MODELS } from './streams.ts';
import { TURN_MODELS } from './turns.ts';

const MODELS: readonly (ModelledPattern | AbsentPattern)[] = [
  ...STREAM_MODELS,
  ...CHASE_MODELS,
  ...TURN_MODELS,
  ...MESSAGE_MODELS,
  ...MIX_MODELS,
  ...COPY_MODELS,
  ...LINE_STATE_MODELS,
];

export const PATTERN_MODELS: ReadonlyMap<string, ModelledPattern | AbsentPattern> = new Map(
  MODELS.map((model) => [model.name, model]),
);
