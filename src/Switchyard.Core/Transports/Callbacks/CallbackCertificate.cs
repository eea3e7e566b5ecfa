using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Switchyard.Core.Transports.Callbacks;

/// <summary>By what a caller is recognized: a key made for one run, which is written nowhere. Workers are told its certificate's fingerprint.</summary>
internal sealed class CallbackCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public CallbackCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Switchyard", key, HashAlgorithmName.SHA256);

        // The time is not checked: clocks differ.
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

        // Windows and macOS want a key that their own stores hold, if only until it is disposed of. By the documentation: tried on Linux alone.
        _certificate = new X509Certificate2(made.Export(X509ContentType.Pkcs12));
        Fingerprint = _certificate.GetCertHashString(HashAlgorithmName.SHA256);
        Options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, null, offline: true),
            AllowRenegotiation = false,
        };
    }

    /// <summary>The SHA-256 of the certificate, in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    public SslServerAuthenticationOptions Options { get; }

    public void Dispose() => _certificate.Dispose();
}
