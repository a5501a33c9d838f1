package surveys

// What tests of other packages see of this one.
var (
	Once           = (*Service).once
	Hold           = (*Service).hold
	DestroyDeleted = (*Service).destroyDeleted
)
