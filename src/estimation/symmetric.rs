//! Small symmetric matrices: information and covariance of a few parameters.

/// A symmetric matrix of a few rows.
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricMatrix {
    rows: Vec<Vec<f64>>,
}

impl SymmetricMatrix {
    /// The matrix of `size` rows with the given entries; only those with column ≤ row are asked for.
    pub fn from_entries(size: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let lower = Vec::from_iter(
            (0..size).map(|row| Vec::from_iter((0..=row).map(|column| entry(row, column)))),
        );
        let of_pair = |row: usize, column: usize| lower[row.max(column)][row.min(column)];
        let rows = (0..size).map(|row| (0..size).map(|column| of_pair(row, column)).collect());
        let rows = rows.collect();
        Self { rows }
    }

    /// Number of rows.
    pub fn size(&self) -> usize {
        self.rows.len()
    }

    /// An entry.
    pub fn entry(&self, row: usize, column: usize) -> f64 {
        self.rows[row][column]
    }

    /// The quadratic form of a vector.
    pub fn quadratic(&self, vector: &[f64]) -> f64 {
        let product = self.times(vector);
        product.iter().zip(vector).map(|(left, right)| left * right).sum()
    }

    /// The product with a vector.
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        let product =
            |row: &Vec<f64>| row.iter().zip(vector).map(|(left, right)| left * right).sum();
        self.rows.iter().map(product).collect()
    }

    /// The lower triangle whose product with its transpose is this matrix, after Cholesky (Golub and Van
    /// Loan, Matrix Computations, 4th edition, section 4.2); none unless it is positive definite.
    pub fn root(&self) -> Option<Vec<Vec<f64>>> {
        let size = self.size();
        let mut root = vec![vec![0.0; size]; size];
        for row in 0..size {
            for column in 0..=row {
                let done: f64 = (0..column).map(|k| root[row][k] * root[column][k]).sum();
                let left = self.rows[row][column] - done;
                if row == column {
                    // Not so for what is not a number.
                    let is_definite = left > self.rows[row][row].abs() * DEFINITE;
                    if !is_definite {
                        return None;
                    }
                    root[row][row] = libm::sqrt(left);
                } else {
                    root[row][column] = left / root[column][column];
                }
            }
        }
        Some(root)
    }

    /// The inverse; none unless the matrix is positive definite.
    pub fn inverse(&self) -> Option<Self> {
        let root = self.root()?;
        let size = self.size();
        // Columns of the inverse of the triangle, by forward substitution.
        let mut inverted = vec![vec![0.0; size]; size];
        for column in 0..size {
            inverted[column][column] = 1.0 / root[column][column];
            for row in column + 1..size {
                let done: f64 = (column..row).map(|k| root[row][k] * inverted[k][column]).sum();
                inverted[row][column] = -done / root[row][row];
            }
        }
        Some(Self::from_entries(size, |i, j| {
            (i..size).map(|k| inverted[k][i] * inverted[k][j]).sum()
        }))
    }
}

/// A pivot smaller than this against its diagonal is rounding.
const DEFINITE: f64 = 1e-13;

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> SymmetricMatrix {
        let rows = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        SymmetricMatrix::from_entries(3, |i, j| rows[i][j])
    }

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let (matrix, inverse) = (example(), example().inverse().unwrap());
        for column in 0..3 {
            let unit = matrix.times(&[0, 1, 2].map(|row| inverse.entry(row, column)));
            for (row, entry) in unit.into_iter().enumerate() {
                assert!((entry - f64::from(u8::from(row == column))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn two_rows_by_hand() {
        let matrix = SymmetricMatrix::from_entries(2, |i, j| if i == j { 2.0 } else { 1.0 });
        let inverse = matrix.inverse().unwrap();
        assert!((inverse.entry(0, 0) - 2.0 / 3.0).abs() < 1e-15);
        assert!((inverse.entry(0, 1) + 1.0 / 3.0).abs() < 1e-15);
        assert!((matrix.quadratic(&[1.0, 2.0]) - 14.0).abs() < 1e-15);
        assert!((matrix.root().unwrap()[1][0] - libm::sqrt(0.5)).abs() < 1e-15);
    }

    #[test]
    fn what_is_not_positive_definite_has_no_inverse() {
        let flat = SymmetricMatrix::from_entries(2, |_, _| 1.0);
        assert_eq!(flat.inverse(), None);
        let not_a_number = SymmetricMatrix::from_entries(1, |_, _| f64::NAN);
        assert_eq!(not_a_number.inverse(), None);
    }
}
