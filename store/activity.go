package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"goalpost"
)

// Activities returns what we did, by first day; with what was removed, and its history.
func (db *DB) Activities(ctx context.Context, org goalpost.OrgID) ([]goalpost.Activity, error) {
	list, err := db.importedActivities(ctx, org)
	if err != nil {
		return nil, err
	}
	err = db.rows(ctx, "SELECT activity_id, body FROM activity_version WHERE org_id = $1 ORDER BY activity_id, version", func(r *sql.Rows) error {
		var id goalpost.ActivityID
		var body string
		if err := r.Scan(&id, &body); err != nil {
			return err
		}
		var v goalpost.ActivityVersion
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return fmt.Errorf("activity %d: %w", id, err)
		}
		i := slices.IndexFunc(list, func(a goalpost.Activity) bool { return a.ID == id })
		if i < 0 {
			i = len(list)
			list = append(list, goalpost.Activity{ID: id})
		}
		list[i].Versions = append(list[i].Versions, v)
		return nil
	}, org)
	for i := range list {
		list[i].Apply()
	}
	slices.SortFunc(list, func(a, b goalpost.Activity) int {
		if a.Period.Start != b.Period.Start {
			return int(a.Period.Start - b.Period.Start)
		}
		return int(a.ID - b.ID)
	})
	return list, err
}

// importedActivities gathers the rows of finished imports: rows with the same name,
// network, region and product are runs of one activity. Of the same run in two imports
// the one seen later counts.
func (db *DB) importedActivities(ctx context.Context, org goalpost.OrgID) ([]goalpost.Activity, error) {
	var list []goalpost.Activity
	unpriced := map[goalpost.ActivityID]bool{}
	err := db.rows(ctx, "activity.Imported", func(r *sql.Rows) error {
		var row goalpost.Activity
		var imp goalpost.ImportID
		var cost sql.NullInt64
		if err := r.Scan(&row.ID, &imp, &row.Name, &row.Period.Start, &row.Period.End, &row.Network, &row.Region, &row.Product, &row.Media, &row.Design, &cost, &row.Currency); err != nil {
			return err
		}
		if n := len(list); n == 0 || list[n-1].ID != row.ID {
			list = append(list, goalpost.Activity{ID: row.ID, Name: row.Name, Network: row.Network, Region: row.Region, Product: row.Product})
		}
		a := &list[len(list)-1]
		if !slices.Contains(a.Imports, imp) {
			a.Imports = append(a.Imports, imp)
		}
		if slices.Contains(a.Runs, row.Period) {
			return nil // the same run, as an earlier file had it
		}
		a.Runs = append(a.Runs, row.Period)
		if a.Media == "" {
			a.Media = row.Media
		}
		if a.Design == "" {
			a.Design = row.Design
		}
		switch {
		case !cost.Valid:
			unpriced[a.ID] = true
		case a.HasCost && (a.Currency != row.Currency || a.CostMin > math.MaxInt64-max(cost.Int64, 0)):
			a.CostPartly = true // another currency, or a sum that is no number any more
		default:
			a.CostMin, a.Currency, a.HasCost = a.CostMin+cost.Int64, row.Currency, true
		}
		return nil
	}, org)
	for i := range list {
		a := &list[i]
		a.CostPartly = a.CostPartly || a.HasCost && unpriced[a.ID]
		a.Runs = goalpost.JoinRuns(a.Runs)
		a.Period = goalpost.Hull(a.Runs)
		slices.Sort(a.Imports)
	}
	return list, err
}

// Activity returns one activity, also a removed one.
func (db *DB) Activity(ctx context.Context, org goalpost.OrgID, id goalpost.ActivityID) (goalpost.Activity, error) {
	list, err := db.Activities(ctx, org)
	if err != nil {
		return goalpost.Activity{}, err
	}
	for _, a := range list {
		if a.ID == id {
			return a, nil
		}
	}
	return goalpost.Activity{}, notFound("activity")
}

// CreateActivity keeps an activity that a person entered, with its first version.
func (db *DB) CreateActivity(ctx context.Context, org goalpost.OrgID, v goalpost.ActivityVersion) (goalpost.Activity, error) {
	a, _, err := db.CreateActivityOnce(ctx, org, v, ActivityRequest{})
	return a, err
}

// ActivityRequest names a request for a new activity, so that the same one sent again adds
// nothing. The zero value names none.
type ActivityRequest struct {
	Key  string // made by the sender
	Hash string // of what was sent
}

// CreateActivityOnce is CreateActivity for a request that may come again: created is false
// when the activity of an earlier one is returned. Another request with a key that is in
// use fails with Conflict.
func (db *DB) CreateActivityOnce(ctx context.Context, org goalpost.OrgID, v goalpost.ActivityVersion, q ActivityRequest) (a goalpost.Activity, created bool, err error) {
	var id int64
	err = db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("organisation", "SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil {
			return err
		}
		if q.Key != "" {
			var hash string
			found, err := t.row("SELECT activity_id, sha256 FROM activity_key WHERE org_id = $1 AND request_key = $2", []any{org, q.Key}, &id, &hash)
			if err != nil || found {
				return cmp.Or(err, q.same(hash))
			}
		}
		var err error
		if id, err = t.activityIdentity(org, 1, goalpost.Activity{Name: v.Name, Network: v.Network, Region: v.Region, Product: v.Product}); err != nil {
			return err
		}
		created = true
		if err := t.activityVersion(org, goalpost.ActivityID(id), v); err != nil || q.Key == "" {
			return err
		}
		_, err = t.exec("INSERT INTO activity_key (org_id, request_key, sha256, activity_id) VALUES ($1, $2, $3, $4)", org, q.Key, q.Hash, id)
		return err
	})
	if err != nil {
		return goalpost.Activity{}, false, err
	}
	a, err = db.Activity(ctx, org, goalpost.ActivityID(id))
	return a, created, err
}

// same refuses a key that came with something else.
func (q ActivityRequest) same(hash string) error {
	if hash != q.Hash {
		return goalpost.Errorf(goalpost.Conflict, "error.activity.key-used", goalpost.TextArg(q.Key))
	}
	return nil
}

// ActivityByRequest returns the activity that an earlier request with this key made;
// NotFound if there was none, Conflict if it was another request.
func (db *DB) ActivityByRequest(ctx context.Context, org goalpost.OrgID, q ActivityRequest) (goalpost.Activity, error) {
	var id goalpost.ActivityID
	var hash string
	if err := db.row(ctx, "SELECT activity_id, sha256 FROM activity_key WHERE org_id = $1 AND request_key = $2", "activity", []any{org, q.Key}, &id, &hash); err != nil {
		return goalpost.Activity{}, err
	}
	if err := q.same(hash); err != nil {
		return goalpost.Activity{}, err
	}
	return db.Activity(ctx, org, id)
}

// AddActivityVersion changes, removes or brings back an activity, also one that was
// imported. It fails with Conflict when somebody else was faster: v.Version must be one
// more than the newest.
func (db *DB) AddActivityVersion(ctx context.Context, org goalpost.OrgID, id goalpost.ActivityID, v goalpost.ActivityVersion) (goalpost.Activity, error) {
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("activity", "SELECT id FROM activity_identity WHERE org_id = $1 AND id = $2", []any{org, id}, &there); err != nil {
			return err
		}
		newest, err := t.next("SELECT COALESCE(MAX(version), 0) FROM activity_version WHERE org_id = $1 AND activity_id = $2", org, id)
		if err != nil {
			return err
		}
		if int64(v.Version) != newest+1 {
			return goalpost.Errorf(goalpost.Conflict, "error.conflict")
		}
		return t.activityVersion(org, id, v)
	})
	if err != nil {
		return goalpost.Activity{}, err
	}
	return db.Activity(ctx, org, id)
}

func (t *tx) activityVersion(org goalpost.OrgID, id goalpost.ActivityID, v goalpost.ActivityVersion) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("store: activity version: %w", err)
	}
	_, err = t.exec("INSERT INTO activity_version (org_id, activity_id, version, made_at, body) VALUES ($1, $2, $3, $4, $5)", org, id, v.Version, v.At.UnixMicro(), string(body))
	return err
}

// activityIdentity gives a new id; entered is 1 for what a person entered.
func (t *tx) activityIdentity(org goalpost.OrgID, entered int, a goalpost.Activity) (int64, error) {
	id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM activity_identity WHERE org_id = $1", org)
	if err != nil {
		return 0, err
	}
	_, err = t.exec("INSERT INTO activity_identity (org_id, id, entered, name, network, region, product) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		org, id, entered, a.Name, string(a.Network), a.Region, a.Product)
	return id, err
}

// activity stores a row of a file about what we did. The same activity has the same
// identity, in whatever file it comes again.
func (a *appender) activity(r *goalpost.ActivityRecord) error {
	x := r.Activity
	var identity int64
	found, err := a.row("SELECT id FROM activity_identity WHERE org_id = $1 AND entered = 0 AND name = $2 AND network = $3 AND region = $4 AND product = $5",
		[]any{a.org, x.Name, string(x.Network), x.Region, x.Product}, &identity)
	if err != nil {
		return err
	}
	if !found {
		if _, err := a.activityIdentity(a.org, 0, x); err != nil {
			return err
		}
	}
	id, err := a.next("SELECT COALESCE(MAX(id), 0) + 1 FROM activity WHERE org_id = $1", a.org)
	if err != nil {
		return err
	}
	var cost any
	if x.HasCost {
		cost = x.CostMin
	}
	var twin int64
	if _, err := a.row("activity.Twins",
		[]any{a.org, a.id, x.Name, x.Period.Start, x.Period.End, string(x.Network), x.Region, x.Product}, &twin); err != nil {
		return err
	}
	if twin > 0 {
		a.known++
	}
	_, err = a.exec("INSERT INTO activity (org_id, id, import_id, name, start_day, end_day, network, region, product, media, design, amount_minor, currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		a.org, id, a.id, x.Name, x.Period.Start, x.Period.End, string(x.Network), x.Region, x.Product, string(x.Media), string(x.Design), cost, x.Currency)
	return err
}
