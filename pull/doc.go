// Package pull fetches public data sets: the MedMNIST collection from Zenodo and open
// databases of PhysioNet.
//
// A [Client] fetches the files of a [Set] into a folder. What is fetched is asked for by
// GET alone, nothing is sent. A cut connection is gone on with where it broke (RFC 9110,
// section 14: Range and If-Range); a file takes its name only once it is whole and its
// checksum holds, so that a folder never has half a file or a wrong one.
package pull
