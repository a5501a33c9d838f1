//go:build unix

package main

import "golang.org/x/sys/unix"

// roomIn is how much is free where a folder lies.
func roomIn(folder string) (room, error) {
	var at unix.Statfs_t
	if err := unix.Statfs(folder, &at); err != nil {
		return room{}, err
	}
	size := uint64(at.Bsize) //nolint:gosec // never negative
	return room{free: uint64(at.Bavail) * size, whole: uint64(at.Blocks) * size}, nil
}
