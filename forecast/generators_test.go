package forecast

import (
	"math"
	"math/rand/v2"
)

// The generators of the simulation: twelve kinds that the method was tuned on, kinds
// that it was not, levels. Formulas: METHODS.md; U uniform, LU log-uniform,
// ln(s) = exp(s·N − s²/2).

type gen struct{ *rand.Rand }

func (g gen) u(a, b float64) float64  { return a + (b-a)*g.Float64() }
func (g gen) lu(a, b float64) float64 { return a * math.Exp(math.Log(b/a)*g.Float64()) }
func (g gen) ln(s float64) float64    { return math.Exp(s*g.NormFloat64() - s*s/2) }

func (g gen) gamma(k float64) float64 { // Marsaglia and Tsang (2000)
	if k < 1 {
		return g.gamma(k+1) * math.Pow(g.Float64(), 1/k)
	}
	d := k - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := g.NormFloat64()
		v := (1 + c*x) * (1 + c*x) * (1 + c*x)
		if v > 0 && math.Log(g.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

func (g gen) poisson(m float64) float64 {
	if m > 50 {
		return max(0, math.Round(m+math.Sqrt(m)*g.NormFloat64()))
	}
	l, n, p := math.Exp(-m), 0.0, 1.0
	for p *= g.Float64(); p > l; p *= g.Float64() {
		n++
	}
	return n
}

// nb draws a negative binomial count with mean m and size k.
func (g gen) nb(m, k float64) float64 { return g.poisson(m * g.gamma(k) / k) }

// common are the parameters that most kinds share.
type common struct {
	base, sigma, k float64
	w              [7]float64
}

func (g gen) common() common {
	c := common{base: g.lu(50, 20000), sigma: g.u(.1, .5), k: g.u(.7, 6)}
	c.w = g.weekdays(g.u(.05, .4))
	return c
}

func (g gen) weekdays(s float64) (w [7]float64) {
	sum := 0.0
	for i := range w {
		w[i] = math.Exp(s * g.NormFloat64())
		sum += w[i] / 7
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// series makes n days; t is how many of them are history, for kinds that place
// something in it.
type series func(g gen, n, t int) []float64

// days calls f for each day.
func days(n int, f func(i int) float64) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = f(i)
	}
	return y
}

var tuned = map[string]series{
	"weekday": func(g gen, n, _ int) []float64 {
		c := g.common()
		c.w = g.weekdays(g.u(.2, .6))
		return days(n, func(i int) float64 { return math.Round(c.base * c.w[i%7] * g.ln(c.sigma)) })
	},
	"counts": func(g gen, n, _ int) []float64 {
		c := g.common()
		b, k := g.lu(2, 200), g.u(.5, 5)
		return days(n, func(i int) float64 { return g.nb(b*c.w[i%7], k) })
	},
	"zero-inflated": func(g gen, n, _ int) []float64 {
		c := g.common()
		p, s := g.u(.3, .85), g.u(.5, 1.2)
		return days(n, func(i int) float64 {
			if g.Float64() < p {
				return 0
			}
			return math.Round(c.base * c.w[i%7] * g.ln(s))
		})
	},
	"bursts": func(g gen, n, _ int) []float64 {
		c := g.common()
		p, a, alpha, rho, s := g.u(.01, .06), g.u(1, 5), g.u(1.2, 2.5), g.u(.3, .8), 0.0
		return days(n, func(i int) float64 {
			s *= rho
			if g.Float64() < p {
				s += a * math.Pow(1-g.Float64(), -1/alpha)
			}
			return math.Round(c.base * c.w[i%7] * (g.ln(c.sigma) + s))
		})
	},
	"drift": func(g gen, n, _ int) []float64 {
		c := g.common()
		sd, l := g.u(.004, .025), 0.0
		return days(n, func(i int) float64 {
			l += sd * g.NormFloat64()
			return math.Round(c.base * math.Exp(l) * c.w[i%7] * g.ln(c.sigma))
		})
	},
	"shift": func(g gen, n, t int) []float64 {
		c := g.common()
		size, at := g.u(.3, 1), int(g.u(.1, .9)*float64(t))
		if g.Float64() < .5 {
			size = -size
		}
		return days(n, func(i int) float64 {
			l := 0.0
			if i >= at {
				l = size
			}
			return math.Round(c.base * math.Exp(l) * c.w[i%7] * g.ln(c.sigma))
		})
	},
	"damped-trend": func(g gen, n, t int) []float64 {
		c := g.common()
		from := t - int(g.u(0, float64(min(60, t))))
		slope, damp, l := g.u(-.012, .018), g.u(.97, .995), 0.0
		return days(n, func(i int) float64 {
			if i >= from {
				l += slope
				slope *= damp
			}
			return math.Round(c.base * math.Exp(l) * c.w[i%7] * g.ln(c.sigma))
		})
	},
	"growing": func(g gen, n, _ int) []float64 {
		c := g.common()
		slope, k := g.u(.003, .012), g.u(2, 20)
		return days(n, func(i int) float64 { return g.nb(c.base*math.Exp(slope*float64(i))*c.w[i%7], k) })
	},
	"monthly": func(g gen, n, _ int) []float64 {
		c := g.common()
		a, phase, step := g.u(.1, .6), g.u(0, 30), g.Float64() < .5
		return days(n, func(i int) float64 {
			m := math.Mod(float64(i)+phase, 30)
			f := 1 + a*math.Sin(2*math.Pi*m/30)
			if step {
				f = 1
				if m >= 25 {
					f = 1 + 2.5*a
				}
			}
			return math.Round(c.base * f * c.w[i%7] * g.ln(c.sigma*.7))
		})
	},
	"holidays": func(g gen, n, _ int) []float64 {
		c := g.common()
		p, left, f := g.u(.008, .03), 0, 1.0
		return days(n, func(i int) float64 {
			if left == 0 {
				f = 1
				if g.Float64() < p {
					left, f = 1+g.IntN(4), g.u(.1, .6)
					if g.Float64() < .5 {
						f = g.u(1.3, 2.5)
					}
				}
			}
			if left > 0 {
				left--
			}
			return math.Round(c.base * f * c.w[i%7] * g.ln(c.sigma))
		})
	},
	"ar": func(g gen, n, _ int) []float64 {
		c := g.common()
		rho, sd := g.u(.5, .9), g.u(.15, .5)
		l := sd * g.NormFloat64()
		return days(n, func(i int) float64 {
			l = rho*l + sd*math.Sqrt(1-rho*rho)*g.NormFloat64()
			return math.Round(c.base * math.Exp(l) * c.w[i%7] * g.ln(.05))
		})
	},
	"revenue": func(g gen, n, _ int) []float64 {
		c := g.common()
		b, k, s := g.lu(.3, 30), g.u(1, 8), g.u(.3, 1)
		basket := g.lu(10, 200)
		return days(n, func(i int) float64 {
			sum := 0.0
			for range int(g.nb(b*c.w[i%7], k)) {
				sum += basket * g.ln(s)
			}
			return math.Round(sum*100) / 100
		})
	},
}

// own are kinds written before the first run on them, to see what nobody tuned to:
// a shop that closes on Sundays, pay days, a slow decline with outliers, bundles of
// posts, two customers who order by turns, a plateau after growth.
var own = map[string]series{
	"closed-sundays": func(g gen, n, _ int) []float64 {
		c := g.common()
		return days(n, func(i int) float64 {
			if i%7 == 6 {
				return 0
			}
			return g.nb(c.base*c.w[i%7]/50, 4)
		})
	},
	"pay-days": func(g gen, n, _ int) []float64 {
		c := g.common()
		a := g.u(.3, 1.2)
		return days(n, func(i int) float64 {
			f := 1.0
			if m := i % 30; m < 4 {
				f += a * (1 - float64(m)/4)
			}
			return math.Round(c.base * f * c.w[i%7] * g.ln(.2))
		})
	},
	"decline-outliers": func(g gen, n, _ int) []float64 {
		c := g.common()
		slope := g.u(-.004, -.0005)
		return days(n, func(i int) float64 {
			f := 1.0
			if g.Float64() < .015 {
				f = g.u(4, 12)
			}
			return math.Round(c.base * math.Exp(slope*float64(i)) * f * c.w[i%7] * g.ln(c.sigma))
		})
	},
	"post-bundles": func(g gen, n, _ int) []float64 {
		c := g.common()
		every, carry := 2+g.IntN(5), 0.0
		return days(n, func(i int) float64 {
			carry *= .5
			if i%every == 0 {
				carry += c.base * g.ln(.8)
			}
			return math.Round(carry * g.ln(.15))
		})
	},
	"two-customers": func(g gen, n, _ int) []float64 {
		a, b := g.lu(100, 3000), g.lu(100, 3000)
		pa, pb := g.u(.1, .5), g.u(.1, .5)
		return days(n, func(int) float64 {
			y := 0.0
			if g.Float64() < pa {
				y += a * g.ln(.2)
			}
			if g.Float64() < pb {
				y += b * g.ln(.2)
			}
			return math.Round(y)
		})
	},
	"plateau": func(g gen, n, t int) []float64 {
		c := g.common()
		mid, r := g.u(.1, .6)*float64(t), g.u(.03, .1)
		return days(n, func(i int) float64 {
			return math.Round(c.base * (.3 + .7/(1+math.Exp(-r*(float64(i)-mid)))) * c.w[i%7] * g.ln(c.sigma))
		})
	},
}

// levels are daily changes of followers.
var levels = map[string]series{
	"steady": func(g gen, n, _ int) []float64 {
		b, loss, k := g.lu(1, 200), g.u(.1, .8), g.u(1, 6)
		return days(n, func(int) float64 { return g.nb(b, k) - g.poisson(b*loss) })
	},
	"viral": func(g gen, n, _ int) []float64 {
		b, loss, k, p, s := g.lu(1, 200), g.u(.1, .8), g.u(1, 6), g.u(.01, .05), 0.0
		return days(n, func(int) float64 {
			s *= .5
			if g.Float64() < p {
				s += g.u(2, 8)
			}
			return g.nb(b*(1+s), k) - g.poisson(b*loss)
		})
	},
	"drift": func(g gen, n, _ int) []float64 {
		b, loss, k, sd, l := g.lu(1, 200), g.u(.1, .8), g.u(1, 6), g.u(.005, .02), 0.0
		return days(n, func(int) float64 {
			l += sd * g.NormFloat64()
			return g.nb(b*math.Exp(l), k) - g.poisson(b*loss)
		})
	},
	"purges": func(g gen, n, _ int) []float64 {
		b, loss, k, p, total := g.lu(1, 200), g.u(.1, .8), g.u(1, 6), g.u(.005, .02), 0.0
		total = b * g.u(50, 400)
		return days(n, func(int) float64 {
			y := g.nb(b, k) - g.poisson(b*loss)
			if g.Float64() < p {
				y -= math.Round(total * g.u(.003, .02))
			}
			total += y
			return y
		})
	},
}
