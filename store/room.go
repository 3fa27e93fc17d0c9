package store

// Room returns how much of the disk is free that the data are on, and how large it is, in
// bytes; known is false where the system does not say.
func (db *DB) Room() (free, size uint64, known bool) { return roomOn(db.dir) }
