// Package goalpost holds the words of the product and the rules between them.
// It does no input or output.
//
//	Organisation, User     whose data it is
//	Account, Post, Counts  what we published and what came back
//	Series, Day            one number per day: followers, sessions, orders, revenue
//	Activity               what we did
//	Import, Report         where every number came from
//	KPI                    what we count from it
//	Goal, Target           what we want
//	Verdict                how it turned out, and how sure one can be
//	Study, OwnAnswer       what a trade says, and what we say to the same questions
package goalpost
