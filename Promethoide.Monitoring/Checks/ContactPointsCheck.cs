using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>Who is told, and with which words: the lists <c>contactPoints</c> and <c>templates</c> of the alerting files.</summary>
internal sealed class ContactPointsCheck
{
    private static readonly string[] PointKeys = ["orgId", "name", "receivers"];

    private static readonly string[] ReceiverKeys = ["uid", "type", "settings", "disableResolveMessage"];

    private static readonly string[] EmailKeys = ["addresses", "singleEmail", "subject", "message"];

    private static readonly string[] TemplateKeys = ["orgId", "name", "template"];

    // What Grafana defines itself.
    private static readonly string[] DefaultTemplates = ["default.title", "default.message", "__subject", "__text_alert_list", "__text_values_list"];

    private readonly List<Named> _uids = [];

    private readonly List<Named> _points = [];

    private readonly List<Named> _templates = [];

    private readonly List<Named> _defined = [];

    private readonly List<Named> _used = [];

    public IReadOnlyCollection<string> Names => [.. _points.Select(point => point.Name)];

    public IReadOnlyCollection<string> Templates => [.. _templates.Select(template => template.Name)];

    public void Check(Map file)
    {
        foreach (var template in file.Maps("templates", "template", TemplateKeys))
        {
            template.Integer("orgId");
            if (template.RequiredName("name") is { } name)
            {
                _templates.Add(name);
            }

            if (template.Required("template") is { } text)
            {
                Parse(file.Source, (YamlScalarNode)template.Node("template")!, text);
            }
        }

        foreach (var point in file.Maps("contactPoints", "contact point", PointKeys))
        {
            Point(point);
        }
    }

    /// <summary>To be called after all files.</summary>
    public void CheckReferences()
    {
        _uids.MustBeUnique((uid, first) => $"the receiver uid '{uid}' is also at {first}, which would be overwritten; write another");
        _points.MustBeUnique((name, first) => $"the contact point '{name}' is also at {first}; put their receivers together");
        _templates.MustBeUnique((name, first) => $"the template '{name}' is also at {first}, which would be overwritten; write another name");
        _defined.MustBeUnique((name, first) => $"the template text '{name}' is also defined at {first}; write another name");
        foreach (var used in _used.Where(used => !DefaultTemplates.Contains(used.Name) && _defined.TrueForAll(defined => defined.Name != used.Name)))
        {
            used.Source.Add(used.Line, $"no template defines '{used.Name}'; write one of {string.Join(", ", _defined.Select(defined => defined.Name))}");
        }
    }

    private void Point(Map point)
    {
        point.Integer("orgId");
        if (point.RequiredName("name") is { } name)
        {
            _points.Add(name);
        }

        var receivers = point.Maps("receivers", "receiver", ReceiverKeys);
        if (receivers is [])
        {
            point.Source.Add(point.LineOf("receivers"), "a contact point has no receivers, so that it tells nobody; add one");
        }

        foreach (var receiver in receivers)
        {
            if (receiver.RequiredName("uid") is { } uid)
            {
                Uid.Check(uid, "receiver");
                _uids.Add(uid);
            }

            receiver.Boolean("disableResolveMessage");
            if (receiver.Required("type") == "email")
            {
                Email(receiver);
            }
            else if (receiver.Node("settings") is not YamlMappingNode)
            {
                receiver.Source.Add(receiver.LineOf("settings"), "a receiver has no settings, which stops Grafana; add them");
            }
        }
    }

    private void Email(Map receiver)
    {
        if (receiver.Child("settings", "mail receiver", EmailKeys) is not { } settings)
        {
            receiver.Source.Add(receiver.Line, "a mail receiver has no settings.addresses, which stops Grafana; add it");
            return;
        }

        settings.Required("addresses");
        settings.Boolean("singleEmail");
        foreach (var key in (string[])["subject", "message"])
        {
            if (settings.Text(key) is { } text)
            {
                Parse(receiver.Source, (YamlScalarNode)settings.Node(key)!, text);
            }
        }
    }

    private void Parse(Source source, YamlScalarNode node, string text)
    {
        // A block's text begins in the line below its |.
        var firstLine = Source.LineOf(node) + (node.Style is ScalarStyle.Literal ? 1 : 0);
        var template = GoTemplate.Parse(text, TemplateScope.Notification, firstLine);
        foreach (var (line, message) in template.Errors)
        {
            source.Add(line, message);
        }

        _defined.AddRange(template.Defined.Select(defined => new Named(defined.Name, source, defined.Line)));
        _used.AddRange(template.Used.Select(used => new Named(used.Name, source, used.Line)));
    }
}
