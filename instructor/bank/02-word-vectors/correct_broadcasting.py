"""브로드캐스팅으로"""
def word_vectors(U, S, p):
    return U * S**p
