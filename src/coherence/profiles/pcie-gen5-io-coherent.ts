/**
 * The contrast: the same two sides behind PCIe Gen5. Accesses of the GPU to CPU memory are snooped, so it is coherent
 * for I/O; but cores cannot cache GPU memory, the GPU caches no CPU memory, and CPU atomics do not reach GPU memory.
 * There are hardly any published figures: nearly all of it is assumed, and no table holds it against any.
 */
export const PCIE_GEN5_IO_COHERENT = `barometer/coherence-profile/1 pcie-gen5-io-coherent

# The CPU and its memory
cpu-cores                 72        count  assumed     as gh200-120gb
cpu-issue                 0.3       ns     assumed     one access a cycle at about 3.3 GHz
cpu-stream-issue          1.485     ns     assumed     as gh200-120gb
cpu-l1-size               64        KiB    assumed     as gh200-120gb
cpu-l1-ways               4         count  assumed     as gh200-120gb
cpu-l1-hit                1.2       ns     assumed     as gh200-120gb
cpu-l2-size               1         MiB    assumed     as gh200-120gb
cpu-l2-ways               8         count  assumed     as gh200-120gb
cpu-l2-hit                3.4       ns     assumed     as gh200-120gb
cpu-outstanding-reads     63        lines  assumed     as gh200-120gb
cpu-outstanding-writes    114       lines  assumed     as gh200-120gb
cpu-fabric-hop            16.25     ns     assumed     half of the middle of 30 to 35 ns, general knowledge
l3-size                   119537664 B      assumed     as gh200-120gb
l3-ways                   12        count  assumed     as gh200-120gb
cpu-home-slices           64        count  assumed     as gh200-120gb
cpu-home-occupancy        1         ns     assumed     as gh200-120gb
cpu-atomic-latency        124.2     ns     assumed     as gh200-120gb
cpu-atomic-occupancy      5         ns     assumed     as gh200-120gb
lpddr-latency             70        ns     assumed     DDR5 in its place, general knowledge
lpddr-channels            8         count  assumed     eight channels of DDR5
lpddr-read-service        1.667     ns     assumed     64 B / 38.4 GB/s, DDR5-4800
lpddr-write-service       1.667     ns     assumed     64 B / 38.4 GB/s, DDR5-4800

# The GPU and its memory
gpu-sms                   132       count  assumed     as gh200-120gb
gpu-issue                 0.6       ns     assumed     64 bytes a cycle at about 1.7 GHz
gpu-l1-size               208       KiB    assumed     as gh200-120gb
gpu-l1-ways               4         count  assumed     as gh200-120gb
gpu-l1-hit                25.5      ns     assumed     as gh200-120gb
gpu-outstanding-reads     1024      lines  assumed     as gh200-120gb
gpu-outstanding-writes    1024      lines  assumed     as gh200-120gb
gpu-fabric-hop            72.499    ns     assumed     as gh200-120gb
l2-size                   50        MiB    assumed     as gh200-120gb
l2-ways                   16        count  assumed     as gh200-120gb
gpu-home-slices           96        count  assumed     as gh200-120gb
gpu-home-occupancy        0.8       ns     assumed     as gh200-120gb
gpu-atomic-latency        182.9     ns     assumed     as gh200-120gb
gpu-atomic-occupancy      5         ns     assumed     as gh200-120gb
hbm-latency               199.232   ns     assumed     as gh200-120gb
hbm-channels              96        count  assumed     as gh200-120gb
hbm-read-service          1.619     ns     assumed     as gh200-120gb
hbm-write-service         1.654     ns     assumed     as gh200-120gb

# The link between them
link-rate                 63        GB/s   assumed     16 lanes of 32 GT/s in code 128b/130b, each direction
link-propagation          550       ns     assumed     half of the middle of 900 to 1300 ns, to be measured
link-overhead-read-data   9         B      assumed     64 B x (63 / 55 - 1), so that 55 GB/s are left
link-overhead-write-data  9         B      assumed     as data read
link-overhead-request     24        B      assumed     header of four words and framing
link-overhead-response    16        B      assumed     header of three words and framing
far-lpddr-extra           0         ns     assumed     no such step is known

# What it can do
cpu-caches-device-memory  0         flag   assumed     a BAR is mapped uncached or write-combining
cpu-atomics-far           0         flag   assumed     cores take the line of CPU memory
gpu-atomics-to-host       0         flag   assumed     only where the platform completes PCIe AtomicOps; 1 for such
cpu-atomics-to-device     0         flag   assumed     CPU atomics do not reach memory behind a BAR
`;
