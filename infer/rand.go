package infer

import "math/rand/v2"

// Rand returns a random stream that is the same on every machine. Streams of one
// seed do not overlap in practice: both numbers seed the 128 bits of a PCG.
func Rand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }
