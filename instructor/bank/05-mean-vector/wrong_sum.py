"""더하기만 하고 나누지 않음: 긴 글일수록 벡터가 길어짐"""
def mean_vector(tokens, table, idf, d):
    return sum((idf[t] * table[t] for t in tokens if t in table), np.zeros(d))
