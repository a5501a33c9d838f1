//go:build !unix

package main

// connectionLimit is how many connections may be open at once; 0: no limit.
func connectionLimit() int { return 0 }
