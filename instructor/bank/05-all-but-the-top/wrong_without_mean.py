"""평균을 빼지 않고 주방향을 지움: 첫 방향이 평균을 가리킴"""
def all_but_the_top(vectors, n_directions):
    V = np.linalg.svd(vectors, full_matrices=False)[2][:n_directions]
    return vectors - vectors @ V.T @ V
