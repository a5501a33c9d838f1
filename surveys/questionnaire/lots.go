package questionnaire

// What is drawn by lot is drawn from the id of a response, so that the same person
// meets the same order and the same numbers on each page, on the phone and here.
// A browser has no digest at hand while it draws a page (that of crypto.subtle is
// there only over HTTPS, and only later), so both do with a hash of 32 bits that
// is a few lines in each: respond_shuffle.js and respond_live.js. The seeds are
// random already; it only has to spread them.

// lot is a number drawn for something that has a name: FNV-1a over the bytes of
// seed, 0 and name, then the last steps of MurmurHash3.
//
// Source: Fowler, Noll and Vo, draft-eastlake-fnv; Appleby, MurmurHash3, fmix32.
func lot(seed, name string) uint32 {
	h := uint32(2166136261)
	for _, part := range []string{seed, "\x00", name} {
		for i := range len(part) {
			h = (h ^ uint32(part[i])) * 16777619
		}
	}
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

// draws gives numbers from 0 to below 1, always the same for one state at first.
//
// Source: Ettinger, Mulberry32 (public domain).
func draws(state uint32) func() float64 {
	return func() float64 {
		state += 0x6d2b79f5
		t := (state ^ state>>15) * (1 | state)
		t = (t + (t^t>>7)*(61|t)) ^ t
		return float64(t^t>>14) / (1 << 32)
	}
}
