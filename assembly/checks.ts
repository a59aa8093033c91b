/**
 * Whether requests are held against the sizes of what they access, as every release does. The build without
 * (`asc --use BAROMETER_UNCHECKED=1`) shows by its difference what bounds checks cost. One compare tests alignment and
 * bounds, so alignment goes with them. Requests that leave what they access are not for it: it would read and write
 * other bytes of linear memory.
 */
export const CHECKED: bool = !isDefined(BAROMETER_UNCHECKED);
