//go:build unix

package main

import "golang.org/x/sys/unix"

// Of the files that the system lets us hold open, so many are for the store, temporary
// files and what we connect to: connections that nobody uses must not take them.
const (
	filesKept       = 256
	leastConnection = 64
	filesUncounted  = 1 << 20 // a limit above it is none
)

// connectionLimit is how many connections may be open at once; 0: no limit. The runtime
// has raised our limit to the highest that the system allows us.
func connectionLimit() int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil || limit.Cur > filesUncounted {
		return 0
	}
	return max(leastConnection, int(limit.Cur)-filesKept)
}
