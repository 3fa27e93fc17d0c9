package goalpost

import "time"

// OrgID, UserID and the other ids are counted per organisation and mean nothing
// in another one. OrgID and UserID are counted per installation.
type (
	// OrgID is an organisation.
	OrgID int64
	// UserID is a user of the installation.
	UserID int64
)

// Organisation is whose data it is. Everything belongs to one.
type Organisation struct {
	ID       OrgID
	Name     string
	Language string // "en" or "de"; a region may follow: "de-CH"
	TimeZone string // IANA name; days are cut in this zone
	Currency string // ISO 4217
	// Simulated is true for the demo's company: every page says so.
	Simulated bool
	// Adopted is false while organisation 1 was made by a first import and no
	// person has set it up.
	Adopted bool
}

// Zone returns the organisation's time zone; UTC if the name is unknown.
func (o Organisation) Zone() *time.Location {
	z, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return time.UTC
	}
	return z
}

// User is a person who may log in.
type User struct {
	ID           UserID
	Name         string // what is shown; also what one logs in with
	PasswordHash string `json:"-"` // argon2id in PHC form
	Language     string
	CreatedAt    time.Time
}

// Role is what a user may do in an organisation.
type Role string

// Roles. An owner may change settings, an editor imports and sets goals, a viewer reads.
const (
	RoleOwner  Role = "owner"
	RoleEditor Role = "editor"
	RoleViewer Role = "viewer"
)
