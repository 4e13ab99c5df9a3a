export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" className="logo">
      <rect width="32" height="32" rx="8" />
      <path d="M5 17h4l2.5-6 4 13 4.5-17 3 10H27" />
    </svg>
  );
}
