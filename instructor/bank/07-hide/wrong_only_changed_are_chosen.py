"""그대로 둔 10%를 맞혀야 할 자리에서 뺌"""
def hide(tokens, chance, fate, any_token, share):
    chosen = (chance < share) & (tokens > 4)
    seen = np.where(chosen & (fate < 0.8), 4, tokens)
    seen = np.where(chosen & (fate >= 0.9), any_token, seen)
    return seen, seen != tokens
