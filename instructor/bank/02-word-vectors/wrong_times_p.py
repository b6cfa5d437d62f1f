"""거듭제곱 대신 p를 곱함"""
def word_vectors(U, S, p):
    return U * S * p
