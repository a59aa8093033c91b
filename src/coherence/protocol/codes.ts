/** The words of the protocol as numbers: each is its place in its list. */
import {
  CPU_STATES,
  type CpuState,
  EVENTS,
  type Event,
  GPU_STATES,
  type GpuState,
  MESSAGES,
  type Message,
  OPERATIONS,
  type Operation,
  REQUESTS,
  type Request,
  VIEWS,
  type View,
} from './names.ts';

type Codes<Name extends string> = { readonly [N in Name]: number };

function codes<Name extends string>(names: readonly Name[]): Codes<Name> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Codes<Name>;
}

export const CPU: Codes<CpuState> = codes(CPU_STATES);
export const GPU: Codes<GpuState> = codes(GPU_STATES);
export const EVENT: Codes<Event> = codes(EVENTS);
export const MESSAGE: Codes<Message> = codes(MESSAGES);
export const OPERATION: Codes<Operation> = codes(OPERATIONS);
export const REQUEST: Codes<Request> = codes(REQUESTS);
export const VIEW: Codes<View> = codes(VIEWS);

/** Of an event that is a message to a cache: the event's code less the message's. */
export const EVENT_OF_SNOOP = EVENT.SnpShared - MESSAGE.SnpShared;
export const EVENT_OF_REPLY = EVENT.CompData_SC - MESSAGE.CompData_SC;
