/** What stands below the options in the help of each command. */
export const RUN_EXAMPLES = `
Examples:
  barometer run                                  the default suite on the GH200 profile
  barometer run 'config-*' --budget 5s           some workloads, quickly
  barometer run --device gpu.txt --policy core   a real device, from its lspci -xxxx dump
  barometer run ./my-bench.ts                    functions that a file of yours exports
  barometer run --device vfio-user:/tmp/gpu.sock what an access costs through that socket, there and back
  barometer run --json > summary.json            for programs; progress stays on the terminal

A served device has workloads of its own: served/config-read and served/region-read, one at a time and 64 in flight, and
with --allow-writes served/region-write. Memory is accessed at the start of the largest memory BAR; what is written
there is what was read there before, and has to read so afterwards. Each process is a client of its own; with a server that
ends with its first one, add --forks 1.`;

export const AB_EXAMPLES = `
Examples:
  barometer ab ../base . 'region-*'              two checkouts, each after npm ci
  barometer ab old/my-bench.ts my-bench.ts       two versions of a workload module
  barometer ab ../base . --fail-on regression --margin 2%

A is the baseline: slower means that B is slower than A.`;

export const AGENTS_EXAMPLES = `
Examples:
  barometer agents ping-pong-cas 'sharing-*'     what it costs to share a line, and when it ends
  barometer agents chase --footprint 32KiB,1MiB,64MiB
  barometer agents contended-add --agents 1..16
  barometer agents chase --agents 1..16 --footprint 32KiB..1GiB --impl wasm --path direct
  barometer agents loaded-latency --path direct   latency beside others that read, from little to all they can
  barometer agents --pairs --impl native,wasm    a matrix: ping-pong and copies, processor by processor
  barometer agents ring --impl native,wasm       several virtual CPUs that trap into one device thread

Times are of the window over the operations of all agents; latencies are what one agent sees. These are this
host's caches at work, not those of a GPU.`;

export const SERVE_EXAMPLES = `
Examples:
  barometer serve --socket /tmp/gpu.sock --policy nvgrace
  barometer serve --socket /tmp/gpu.sock --once --record boot.log
  qemu-system-x86_64 … -device '{"driver":"vfio-user-pci","socket":{"type":"unix","path":"/tmp/gpu.sock"}}'

--proxy speaks on a socket that this process was started with as file descriptor 3: whoever starts QEMU makes a socket pair, and
gives one end to each (-device x-pci-proxy-dev,fd=N).

A second client is refused for as long as the first one is there. Each finds a device that nobody has used.`;

export const GUEST_EXAMPLES = `
Examples:
  barometer guest                                the GH200 profile, as its driver presents it
  barometer guest --device gh200-no-bar2 --all   what each policy does to a guest, over vfio-user and in-band
  barometer guest --link proxy                   Linux sizes the device itself, through QEMU's multi-process device
  barometer guest --firmware ovmf                UEFI firmware places the BARs
  barometer guest --cost                         what an access costs: core, socket, QEMU; some 4 minutes

A kernel and busybox are fetched once from the Debian mirror that apt is set up with, into the cache (BAROMETER_CACHE), and
QEMU with them where there is none of 10.1 or newer: 52 MB, OVMF 6 MB more. Nothing is installed.`;

export const REPLAY_EXAMPLES = `
Examples:
  barometer serve --socket /tmp/gpu.sock --once --record boot.log      in another terminal, a guest
  barometer replay boot.log                                            the same accesses once more: does every read agree?
  qemu-system-x86_64 … -device vfio-pci,host=01:00.0 -trace 'vfio_*' -D qemu.log
  barometer replay qemu.log --device host:01:00.0 --policy passthrough --impl wasm

In a log of QEMU, reads of BARs and of the ROM's address show what QEMU answers by itself, and so does the multifunction bit. They are
replayed, and not compared. Exit code 5 where a read differs: the first ones are named with their lines.`;

export const LITMUS_EXAMPLES = `
Examples:
  barometer agents litmus                        all tests, 10,000,000 trials each
  barometer agents litmus sb 'mp*' --trials 100000000
  barometer agents litmus --impl ts --json

Exit code 5 where something was seen that no memory model allows. What a model allows is no fault, seen or not.`;

export const PROFILE_EXAMPLES = `
Examples:
  barometer profile config-read/batch            the functions of the core that reads of registers spend their time in
  barometer profile region-copy --filter '"sizeBytes":4096,' --impl ts
  barometer profile config-read/call --svg calls.svg --speedscope calls.speedscope.json

C code and the Node-API calls into it are one frame: V8's profiler sees no functions of C. What V8 has put into a caller is
told apart in TypeScript, and not in WebAssembly.`;

export const CALIBRATE_EXAMPLES = `
Examples:
  barometer calibrate                            three minutes on registers, a copy, a sizing and a module
  barometer calibrate --budget 20m --margin 2%   tighter bounds
  barometer calibrate 'region-*' ./my-bench.ts   what you are going to gate on

Every arm is held against an identical one. The noise floor is the smallest margin at which 95% of such
comparisons come out the same; ab and compare refuse a gate below it. BAROMETER_CACHE is where it is kept.`;

export const LIST_EXAMPLES = `
Examples:
  barometer list
  barometer list --json | jq '.workloads[].name'`;

export const INSPECT_EXAMPLES = `
Examples:
  barometer inspect vfio-user:/tmp/gpu.sock      whatever device serves that socket; it is only read
  barometer inspect gh200-120gb
  barometer inspect dump.txt#01:00.0 --json
  barometer inspect host:00:02.0
  barometer inspect dump.txt --hex | lspci -vv -F /dev/stdin`;

export const SIZE_EXAMPLES = `
Examples:
  barometer size gh200-no-bar2                          the device that the kernel review assumed
  barometer size gh200-120gb --physical-bars none       any other set of physical BARs
  barometer size dump.txt#01:00.0 --policy core --sizer linux,qemu
  barometer size gh200-120gb --json | jq '.policies[].sizers[] | select(.wrong != [])'
  barometer size vfio-user:/tmp/gpu.sock --allow-writes   whatever device serves that socket

Without --allow-writes a served device is only read, and sizers, which write, are not run. With it, BARs, ROM, command,
cache line size and latency timer are written back after each sizer and read again; exit code 5 where one is not as before.

--physical-bars takes INDEX:KIND:SIZE[@ADDRESS] with commas between; kinds are io, mem32, mem32p,
mem64 and mem64p (p: prefetchable), as in 0:mem64p:16MiB,2:mem64p:128GiB@0x662000000000, or none.`;

export const CONFORM_EXAMPLES = `
Examples:
  barometer conform
  barometer conform --impl wasm --vectors vectors.json --json
  barometer conform --device vfio-user:/tmp/gpu.sock                  whatever device serves that socket; it is only read
  barometer conform --device vfio-user:/tmp/gpu.sock --allow-writes   sizing and COMMAND too

A served device is checked as any PCI function, whatever is behind it. Registers that a check writes are written back
after it. Exit code 5 where an answer is wrong, or a register is not as before.`;

export const COMPARE_EXAMPLES = `
Examples:
  barometer compare results/before.json results/after.json
  barometer compare main.json pr.json --fail-on regression --margin 2%
  barometer compare a.json b.json --json | jq '.comparisons[] | select(.verdict == "slower")'

Exit code 3 for a regression, 4 where one cannot be excluded, each only where --fail-on names it.`;

export const MERGE_EXAMPLES = `
Examples:
  barometer merge monday.json tuesday.json --out both.json
  barometer merge machines/*.json --out results/all.json
  barometer merge a.json b.json --json | jq '.runs[].createdAt'`;

export const REPORT_EXAMPLES = `
Examples:
  barometer report results/*.json --html report.html
  barometer report results/run.json --html run.html --open   and show the page
  barometer size gh200-no-bar2 --json > size.json && barometer report results/ab.json size.json --html report.html
  barometer report results/ab.json --markdown >> "$GITHUB_STEP_SUMMARY"
  barometer report shard-*.json --fail-on regression --markdown
  barometer report old.json new.json --benchstat | benchstat -col /build -
  barometer report results/ab.json --hdr latencies

Several files are joined first, as barometer merge does. One text format goes to standard output. Beside samples the page
takes what size --json and history show --json print.`;

export const HISTORY_EXAMPLES = `
Examples:
  barometer history add results/*.json          one line for each run and arm
  barometer history show                        what each arm takes now, and what changed last
  barometer history show 'config-read/*'        every run, and the changes between them
  barometer history show --json | jq '.series[] | select(.changes != [])'`;

export const DOCTOR_EXAMPLES = `
Examples:
  barometer doctor
  barometer doctor --json | jq -r '.checks[] | select(.fix) | .fix'`;

export const COHERENCE_EXAMPLES = `
Examples:
  barometer coherence check --quick              does the protocol keep what it promises?
  barometer coherence validate                   the model against published figures
  barometer coherence predict --profile mine.txt
  barometer coherence explain grace load hbm     where the time of one access goes
  barometer coherence sweep link-propagation 'pingpong.*'

Everything here is modelled: directory protocol with CHI-style messages.
The profile gh200-120gb is calibrated to published GH200 latencies.`;

export const COHERENCE_CHECK_EXAMPLES = `
Examples:
  barometer coherence check                      minutes
  barometer coherence check --quick              smaller worlds
  barometer coherence check --json | jq '.sizes[] | {states, violations}'

Exit code 5 where an invariant is violated, a program has an outcome that its memory model has not, or a planted bug is not
caught: a checker that does not find those says nothing of the protocol without them.`;

export const COHERENCE_VALIDATE_EXAMPLES = `
Examples:
  barometer coherence validate
  barometer coherence validate --profile mine.txt
  barometer coherence validate --json | jq '.rows[] | select(.verdict == "missed")'

Cells of the calibration are fitted and no test of the model. A bound that is missed is printed, and no failure.`;

export const COHERENCE_PREDICT_EXAMPLES = `
Examples:
  barometer coherence predict
  barometer coherence predict --profile pcie-gen5-io-coherent
  barometer coherence predict --json | jq '.latencies[] | {quantity, ns, partsNs}'
  barometer coherence predict chase 'load-*' --placement hbm
                                                 patterns of \`barometer agents\`, under their names
  barometer coherence predict read --agents 1..64 --footprint 1GiB --filter '"sides":"grace"'
  barometer coherence predict --trace qemu.log   accesses that were logged, by one core, each after the one before

Exit code 130 where it was interrupted, with what was simulated of a trace so far; 2 where a line is no line of a trace.`;

export const COHERENCE_EXPLAIN_EXAMPLES = `
Examples:
  barometer coherence explain grace load hbm
  barometer coherence explain grace store lpddr --line shared --svg store.svg
  barometer coherence explain hopper add hbm --line modified --json | jq '.steps[].name'

Who: grace (a core) or hopper (an SM). What: load, store, stream (of grace: a store that leaves no copy) or add (an atomic).
Memory: lpddr, whose home is HN-G, the Grace fabric with the L3, or hbm, whose home is HN-H, the Hopper L2.

--line nobody      no cache has it, memory does
       cached      the cache of its home has it, no agent does
       exclusive   another core has the only copy, unchanged
       modified    another core has the only copy, changed
       shared      two other cores have copies
       own         who asks has the only copy, unchanged
       own-shared  the core that asks and another have copies`;

export const COHERENCE_SWEEP_EXAMPLES = `
Examples:
  barometer coherence sweep link-propagation 'chase.*' --from 100ns --to 500ns --svg link.svg
  barometer coherence sweep cpu-outstanding-reads one-thread-read.grace.lpddr --values 16,32,64,128
  barometer coherence sweep cpu-atomics-far 'pingpong.hbm.*'
  barometer coherence sweep                      every parameter by a fifth, up and down: minutes

The profile's own value is always among them. Elasticity is the relative change of a figure over that of the parameter: 1 in
proportion, -1 in inverse proportion, 0 not at all. A range that begins at zero has equal steps in place of equal factors.`;

export const COHERENCE_CALIBRATE_EXAMPLES = `
Examples:
  barometer coherence calibrate > fitted.txt     minutes
  barometer coherence calibrate --profile mine.txt --out fitted.txt
  barometer coherence validate --profile fitted.txt

Fitted are latencies, rates and lines in flight that figures of the calibration set tell of, to these figures alone;
what is held out is not looked at. Same profile and seed, same text.`;

export const COHERENCE_PROFILE_EXAMPLES = `
Examples:
  barometer coherence profile > mine.txt         then change it, and give it to predict or validate
  barometer coherence profile pcie-gen5-io-coherent`;
