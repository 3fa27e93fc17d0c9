// Command effect-calibration asks the methods of package effect to keep their word: on
// series of known kinds in which nothing happened, how often does the 95 % interval hold
// 0, how often is an alarm false, how often is no answer given, how often is a true effect
// found, and how wide is the interval. With -placebo it asks the same of real series and
// fake starts; with -joint, what a user of the product is told by all checks together.
//
//	go run ./bench/effect-calibration [-n 500] [-only TEXT] [-methods bma,ar1] [-seed 1] [-placebo DIR] [-joint]
package main
