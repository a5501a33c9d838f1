package exports

import "hash/crc32"

// joinedSum returns the CRC-32 of two pieces of data one after the other, from
// the sums of both and the length of the second.
//
// A CRC is linear: the sum of a‖b is that of b, xor what len(b) zero bytes make
// of that of a. Feeding a zero bit is a 32×32 matrix over GF(2); squaring it
// doubles the zeros.
//
// Source: crc32_combine of zlib (Adler), with Go's reversed polynomial.
func joinedSum(a, b uint32, length int64) uint32 {
	var zeros matrix // feeds one zero bit
	zeros[0] = crc32.IEEE
	for i := 1; i < 32; i++ {
		zeros[i] = 1 << (i - 1)
	}
	zeros = zeros.squared().squared().squared() // one zero byte
	for ; length > 0; length >>= 1 {
		if length&1 == 1 {
			a = zeros.times(a)
		}
		zeros = zeros.squared()
	}
	return a ^ b
}

// matrix over GF(2), by columns.
type matrix [32]uint32

func (m matrix) times(v uint32) (product uint32) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 == 1 {
			product ^= m[i]
		}
	}
	return product
}

func (m matrix) squared() (square matrix) {
	for i, column := range m {
		square[i] = m.times(column)
	}
	return square
}
