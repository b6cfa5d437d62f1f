"""B를 빼지 않고 A와의 코사인만 봄"""
def weat_effect(X, Y, A, B):
    X, Y, A = map(similarity.unit_rows, (X, Y, A))
    x, y = ((group @ A.T).mean(axis=1) for group in (X, Y))
    return (x.mean() - y.mean()) / np.concatenate([x, y]).std(ddof=1)
