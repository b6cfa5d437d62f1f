"""코사인은 패키지의 함수로"""
def weat_effect(X, Y, A, B):
    A, B = similarity.unit_rows(A), similarity.unit_rows(B)
    x, y = (np.array([(row @ A.T).mean() - (row @ B.T).mean() for row in similarity.unit_rows(group)]) for group in (X, Y))
    return (x.mean() - y.mean()) / pd.Series(np.concatenate([x, y])).std()
