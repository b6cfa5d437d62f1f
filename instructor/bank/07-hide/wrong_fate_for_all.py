"""고르지 않은 토큰까지 80/10/10으로 바꿈"""
def hide(tokens, chance, fate, any_token, share):
    chosen = (chance < share) & (tokens > 4)
    seen = np.where((tokens > 4) & (fate < 0.8), 4, tokens)
    return np.where((tokens > 4) & (fate >= 0.9), any_token, seen), chosen
