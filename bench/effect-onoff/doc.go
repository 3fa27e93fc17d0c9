// Effect-onoff prints what plainer methods say of an activity that ran on some days of a
// series and not on others, beside Goalpost's answer: the difference of means, regressions
// with independent and with autoregressive days, and CausalImpact's model as R ships it,
// run by run. It also counts how often each of them would have found an effect had the
// activity run on other days.
package main
