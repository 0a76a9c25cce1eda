/// The number of a token in the vocabulary.
package typealias TokenID = Int32
