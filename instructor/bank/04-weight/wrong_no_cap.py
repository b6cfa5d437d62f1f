"""x_max를 넘는 칸을 1에서 자르지 않음"""
def weight(x, x_max=100.0, alpha=0.75):
    return (np.asarray(x) / x_max) ** alpha
