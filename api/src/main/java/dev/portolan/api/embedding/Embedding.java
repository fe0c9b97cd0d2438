package dev.portolan.api.embedding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The vector of one input.
 *
 * @param index the place of the input in the request, from 0
 * @param vector the numbers; handed over, not copied: nobody may change them
 */
@SuppressWarnings("ArrayRecordComponent") // vectors are many and large; equals and hashCode are by content
public record Embedding(int index, float[] vector) {
    /** The length of the vector. */
    public int dimensions() {
        return vector.length;
    }

    /**
     * How alike this and another are: 1 for the same direction, 0 for nothing in common, -1 for the opposite.
     *
     * @throws IllegalArgumentException if the vectors differ in length, as those of different models do
     */
    public double cosineSimilarity(Embedding other) {
        if (other.vector.length != vector.length) {
            throw new IllegalArgumentException("Vectors of " + vector.length + " and " + other.vector.length
                    + " dimensions cannot be compared; embed both with one model");
        }
        double dot = 0;
        double thisSquare = 0;
        double otherSquare = 0;
        for (int i = 0; i < vector.length; i++) {
            dot += (double) vector[i] * other.vector[i];
            thisSquare += (double) vector[i] * vector[i];
            otherSquare += (double) other.vector[i] * other.vector[i];
        }
        return thisSquare == 0 || otherSquare == 0 ? 0 : dot / Math.sqrt(thisSquare * otherSquare);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Embedding same && same.index == index && Arrays.equals(same.vector, vector);
    }

    @Override
    public int hashCode() {
        return 31 * index + Arrays.hashCode(vector);
    }

    @Override
    public String toString() {
        return "Embedding[" + index + ", " + vector.length + " dimensions]";
    }
}
