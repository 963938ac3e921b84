# Makes and judges the blocks of the disk workload.
#
# A block is one line of 4096 bytes: "drover NAME SLOT ROUND CHECKSUM ..." filled up with the checksum, a function of name,
# slot and round. So a block is whole exactly if it equals the one made anew from its own head, a torn one shows.
#
#   mode=verify  reads the blocks of `runs` runs from run `first` on, prints "VERIFIED LOST STALE" for those of their slots
#                that rounds 1..`round` have written, and writes the 4 blocks of the next round to file `out`
#   mode=newest  reads blocks, prints the highest round found in a whole block, 0 if none

function run_of(n) { return (n * 29) % 32 }

function checksum(slot, n,    h) {
    h = (name_hash * 48271 + slot + 1) % 2147483647
    h = (h * 48271 + n) % 2147483647
    return (h * 48271) % 2147483647
}

function block(slot, n,    token, text, i) {
    token = sprintf("%010.0f ", checksum(slot, n))
    text = token
    # Nine doublings of 11 characters pass 4096; asking for the length each time costs more.
    for (i = 0; i < 9; i++) text = text text
    return substr("drover " name " " slot " " n " " text, 1, 4095)
}

BEGIN {
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."
    name_hash = 1
    for (i = 1; i <= length(name); i++)
        name_hash = (name_hash * 48271 + index(letters, substr(name, i, 1)) + 1) % 2147483647
}

# A block that is not whole is not counted here; its slot is then missed at the end.
$1 == "drover" && $2 == name && $0 == block($3 + 0, $4 + 0) { found[$3 + 0] = $4 + 0; if ($4 + 0 > newest) newest = $4 + 0 }

END {
    if (mode == "newest") print newest + 0
    if (mode == "verify") {
        verified = lost = stale = 0
        for (n = (round > 32 ? round - 31 : 1); n <= round; n++) {
            if (run_of(n) < first || run_of(n) >= first + runs) continue
            for (i = 0; i < 4; i++) {
                slot = run_of(n) * 4 + i
                if (!(slot in found)) lost++
                else if (found[slot] < n) stale++
                # The round after the last acknowledged one may have reached the disk without an answer.
                else if (found[slot] == n || n + 32 == round + 1) verified++
                else lost++
            }
        }
        for (i = 0; i < 4; i++) print block(run_of(round + 1) * 4 + i, round + 1) >out
        print verified, lost, stale
    }
}
