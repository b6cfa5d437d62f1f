"""주방향이 아니라 앞의 열을 0으로 만듦"""
def all_but_the_top(vectors, n_directions):
    centred = vectors - vectors.mean(axis=0)
    centred[:, :n_directions] = 0
    return centred
