package goalpost

import "slices"

// AccountID is a profile on a network.
type AccountID int64

// Network is a platform.
type Network string

// Networks. Web and Shop are own channels; Other is none of these.
const (
	Facebook  Network = "facebook"
	Instagram Network = "instagram"
	X         Network = "x"
	YouTube   Network = "youtube"
	TikTok    Network = "tiktok"
	LinkedIn  Network = "linkedin"
	Mastodon  Network = "mastodon"
	Bluesky   Network = "bluesky"
	Pinterest Network = "pinterest"
	Threads   Network = "threads"
	Web       Network = "web"
	Shop      Network = "shop"
	Other     Network = "other"
)

// Networks returns all networks in the order in which pages list them.
func Networks() []Network {
	return []Network{Facebook, Instagram, X, YouTube, TikTok, LinkedIn, Mastodon, Bluesky, Pinterest, Threads, Web, Shop, Other}
}

// Valid reports whether n is one of Networks.
func (n Network) Valid() bool { return slices.Contains(Networks(), n) }

// Account is a profile on a network. Two accounts of one network never share a
// Name (compared without case); ExternalID is the network's own id, if known.
type Account struct {
	ID         AccountID
	Network    Network
	Name       string // handle or page name, as the file or the person says
	ExternalID string
}

// AccountRef names an account before its id is known.
type AccountRef struct {
	Network    Network
	Name       string
	ExternalID string
}
