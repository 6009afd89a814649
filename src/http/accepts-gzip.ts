/** Whether an Accept-Encoding (RFC 9110, 12.5.3) names gzip and does not rule it out. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '').toLowerCase();
  if (!offers.includes('gzip')) return false;
  return offers.split(',').some((offer) => {
    const [coding, ...parameters] = offer.split(';').map((part) => part.trim());
    const isRefused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    return (coding === 'gzip' || coding === 'x-gzip') && !isRefused;
  });
}
