// What an instruction of its own would do to a word or a float in memory.

export function add(at: usize, value: u32): void {
  store<u32>(at, load<u32>(at) + value);
}

export function addF(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}
