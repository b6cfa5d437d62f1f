"""모표준편차(ddof=0)로 나눔"""
def weat_effect(X, Y, A, B):
    X, Y, A, B = map(similarity.unit_rows, (X, Y, A, B))
    x, y = ((group @ A.T).mean(axis=1) - (group @ B.T).mean(axis=1) for group in (X, Y))
    return (x.mean() - y.mean()) / np.concatenate([x, y]).std()
