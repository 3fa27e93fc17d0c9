package infer

// Quantile returns the p-quantile, 0 ≤ p ≤ 1, of draws sorted upwards [M], M ≥ 1: at
// position p·M − 0.5, linearly interpolated (Hyndman and Fan (1996), Am. Stat. 50(4),
// 361–365, definition 5).
func Quantile(sorted []float64, p float64) float64 {
	m := len(sorted)
	x := p*float64(m) - 0.5
	if x <= 0 {
		return sorted[0]
	}
	i := int(x)
	if i >= m-1 {
		return sorted[m-1]
	}
	f := x - float64(i)
	return sorted[i]*(1-f) + sorted[i+1]*f
}

// Quantile7 returns the p-quantile as R's quantile() does: at position p·(M − 1), counted
// from 0 (definition 7 of the same paper). For numbers that are to agree with R's.
func Quantile7(sorted []float64, p float64) float64 {
	x := p * float64(len(sorted)-1)
	i := min(int(x), len(sorted)-1)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	f := x - float64(i)
	return sorted[i]*(1-f) + sorted[i+1]*f
}
