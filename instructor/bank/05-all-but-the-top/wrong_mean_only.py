"""평균만 뺌"""
def all_but_the_top(vectors, n_directions):
    return vectors - vectors.mean(axis=0)
