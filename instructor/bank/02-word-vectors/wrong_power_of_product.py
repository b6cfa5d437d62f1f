"""U까지 거듭제곱함"""
def word_vectors(U, S, p):
    with np.errstate(all="ignore"):
        return (U * S) ** p
