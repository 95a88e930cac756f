"""The morphemes of systematic names, as tables (IUPAC 2013, doi:10.1039/9781849733069).

Only what is built from these is called systematic: a parent that stands alone (glucose, benzene)
and what is not in the tables at all (aspirin) is trivial and is not wrapped.
"""

from __future__ import annotations

from scireasoner.corpus.tagging.context import words

MULTIPLIERS = words(
    """mono di tri tetra penta hexa hepta octa nona deca undeca dodeca hexadeca octadeca bis tris
    tetrakis pentakis hexakis hemi sesqui tetradeca pentadeca heptadeca nonadeca icosa henicosa"""
)

# Groups that are a whole substituent as they stand.
PREFIXES = words(
    """methyl ethyl propyl butyl phenyl benzyl vinyl allyl acetyl benzoyl formyl hydroxy hydroxyl
    oxo amino imino nitro nitroso cyano chloro fluoro bromo iodo mercapto sulfanyl thio thia aza
    oxa sila bora phospha carboxy carbonyl sulfonyl sulphonyl sulfinyl sulphinyl sulfamoyl
    carbamoyl carbamimidoyl phospho phosphono phosphoryl phosphinyl phosphonyl ureido guanidino
    diazo azido azo azoxy hydrazino hydrazinyl hydrazono hydrazinylidene epoxy methoxy ethoxy
    propoxy butoxy phenoxy benzyloxy acetoxy deoxy dehydro hydro nor homo iso cyclo bicyclo
    tricyclo tetracyclo pentacyclo spiro dispiro neo sec tert trityl tosyl mesyl silyl cyanato
    thiocyanato isocyanato isothiocyanato nitrilo oxy oxido sulfido dioxo trioxo hydroperoxy
    peroxy perfluoro perchloro trifluoro glycyl alanyl valyl leucyl prolyl seryl threonyl cystyl
    lysyl arginyl histidyl tyrosyl tryptophyl phenylalanyl glutamyl aspartyl glutaminyl
    asparaginyl methionyl isoleucyl anilino benzamido acetamido formamido amidino acryloyl
    methacryloyl cinnamoyl crotonoyl oleoyl palmitoyl stearoyl myristoyl lauroyl linoleoyl
    arachidonoyl succinyl malonyl glutaryl maleyl phthaloyl phthalimido succinimido tolyl xylyl
    mesityl cumyl styryl naphthyl anthryl phenanthryl pyridyl furyl thienyl furfuryl thenyl
    piperidino morpholino piperazino pyrrolidino trimethylsilyl adamantyl bornyl menthyl geranyl
    farnesyl prenyl phytyl crotyl propargyl isopropyl isobutyl isopentyl neopentyl isopropoxy
    isobutoxy isopropylidene benzylidene methylene ethylene propylene trimethylene methylidene
    ethylidene glycidyl glucosyl galactosyl mannosyl fucosyl xylosyl ribosyl glucuronosyl
    glucopyranosyl galactopyranosyl mannopyranosyl ribofuranosyl arabinofuranosyl glucosaminyl
    glucuronyl adenosyl pivaloyl valeryl butyryl propionyl caproyl capryloyl hexanoyl salicyloyl
    nicotinoyl isonicotinoyl toluoyl naphthoyl furoyl thenoyl anisoyl galloyl caffeoyl feruloyl
    coumaroyl sinapoyl gluco galacto manno ribo arabino xylo lyxo erythro threo allo ido talo
    glycero tolyloxy selenyl seleno telluro arsono arsino stannyl boryl borono germyl ferrocenyl
    cyclopropyl lambda keto aceto nitroxy nitrooxy sulfo sulpho sulfooxy sulfate methano ethano
    propano benzo naphtho pyrido pyrimido pyrazino pyrrolo imidazo pyrazolo furo thieno thiazolo
    oxazolo indolo quino chromeno benz dibenz dibenzo pyrano triazolo tetrazolo pyridazino
    purino isoxazolo thiadiazolo oxathi dithi diox oxaz dithia diaza triaza tetraza dioxa trioxa
    seco abeo cyclopenta cyclohepta cyclobuta methyloxy methylsulfanyl methylthio trans cis para
    meta ortho alpha beta gamma delta epsilon omega phosphate glucuronide"""
)

# Stems of chains: an, en, yn or yl follow.
CHAINS = words(
    """meth eth prop but pent hex hept oct non dec undec dodec tridec tetradec pentadec hexadec
    heptadec octadec nonadec icos eicos henicos docos tricos tetracos hexacos triacont"""
)

# Stems of rings and retained acids: a suffix follows.
STEMS = words(
    """acet form propion butyr isobutyr valer isovaler pival capro capr capryl laur myrist palmit
    stear ole linole linolen arachidon acryl methacryl croton cinnam benzo salicyl phthal
    isophthal terephthal nicotin isonicotin picolin malon succin glutar adip pimel suber azela
    sebac male fumar citr isocitr aconit itacon mesacon tartr mal lact glycer glycol pyruv oxal
    oxaloacet aspart glutam mandel anthranil hippur gall vanill ferul caffe coumar sinap shikim
    quin kynuren xanthuren orot uron glucon glucar glucuron galacturon galactar mannon idur
    mannuron ascorb nicot carbam carbon cyan thiocyan isocyan isothiocyan sulfam sulfur sulf
    sulph nitr phosph phosphon phosphin arson boron sulfon sulphon sulfin sulfen hydrox peroxo
    pyrid piperid pyrrol pyrrolid imidazol imidazolid pyrazol pyrazolid triazol tetrazol oxazol
    isoxazol thiazol isothiazol thiazolid oxazolid oxadiazol thiadiazol pyrimid pyridaz pyraz
    triaz tetraz piperaz morphol thiomorphol indol isoindol indaz indoliz benzimidazol
    benzothiazol benzoxazol benzotriazol quinol isoquinol quinazol quinoxal cinnol phthalaz
    naphthyrid pterid pur carbazol acrid phenaz phenothiaz phenoxaz xanth thioxanth fluor
    anthrac phenanthr naphthal naphth phenanthrol inden indan azul pyren chrysen fluoranthen
    benz tolu xyl styr cum anil anisid toluid xylid phenetid benzid thiophen furan pyran
    thiopyran chrom isochrom chroman coumar benzofuran benzothiophen dibenzofuran dioxan dioxol
    dithian dithiol oxiran oxetan oxolan oxan oxepan thiiran thietan thiolan thian aziridin
    azetid azepan azepin azocan diazepan diazepin oxazepin thiazepin azin oxazin thiazin silan
    disilan siloxan disiloxan phosphan phosphol arsan stibin boran guanid hydraz azid amid imid
    ur thiour urethan biur semicarbaz hydantoin barbitur thiobarbitur carbolin tropan quinuclid
    norbornan adamant bornan pinan camphan camphor menthan cholestan cholan pregnan androstan
    estran gonan cholest pregn androst estr stigmast ergost cholestadien androstadien pregnadien
    morphinan ergolin yohimban oleanan ursan lupan gluc galact mann rib arabin xyl lyx erythr
    thre fruct sorb fuc rhamn all altr gul id tal erythrul ribul xylul tagat psic heptul hexul
    pentul glucopyran galactopyran mannopyran ribofuran arabinofuran xylopyran fructofuran
    glucosamin galactosamin mannosamin neuramin muram inosit sphing adenos guanos cytid urid
    thymid inos xanthos aden guan cytos uracil thym tryptam tyram histam dopam phenethylam
    amphetam cathin ephedr norephedr ethanolam cystam putresc spermid sperm cadaver agmat alan
    valin leuc isoleuc prolin ser threon cyste cyst methion phenylalan tyros tryptoph histid lys
    argin ornith citrull asparagin glutamin glyc sarcos bet creat taur homocyste selenocyste
    selenomethion norleuc norval pipecol porphyr porphin corrin chlorin phyll bilirub retin
    caroten tocopher tocotrien flavan flavon isoflavon chalcon anthraquinon naphthoquinon
    benzoquinon quinon catechol resorcin hydroquinon phenol cresol thymol phlorogluc guaiacol
    eugenol vanillin thujan caran carvon thiosemicarbaz ferroc metalloc formaz tetrahydrofuran
    biphenyl terphenyl phenanthrolin bipyrid bipyrrol bithiophen stilben bibenzyl tolan dioxin
    dibenzodioxin prost prostan thrombox leukotrien ceph penam penem cephem carbapen oxirene
    phenylen crown cyclodextr"""
)

# Whole parents, to which substituents are added or on which suffixes stand.
PARENTS = words(
    """benzene toluene aniline phenol pyridine uracil urea thiourea guanidine adenosine guanosine
    cytidine uridine thymidine inosine glucose galactose mannose fructose ribose arabinose
    xylose sucrose lactose maltose trehalose estradiol estrone estriol testosterone progesterone
    cortisol corticosterone cortisone cholesterol vitamin retinal retinol tryptamine tyramine
    histamine dopamine dopa glycine alanine valine leucine isoleucine proline serine threonine
    cysteine cystine methionine phenylalanine tyrosine tryptophan histidine lysine arginine
    ornithine glutamine asparagine taurine choline acetylcholine carnitine creatine adenine
    guanine cytosine thymine hypoxanthine xanthine caffeine theophylline theobromine purine
    quinine quinoline indole morphine codeine heroin nicotine cocaine ecgonine tropine atropine
    camphor menthol thymol eugenol vanillin stilbene styrene naphthalene anthracene phenanthrene
    pyrene fluorene biphenyl hydrazine hydroxylamine ammonia ammonium phosphine arsine silane
    borane acetone acetonitrile chloroform ether formaldehyde acetaldehyde glyoxal glycerol
    glycol inositol sorbitol mannitol xylitol erythritol penicillin cephalosporin dioxin
    amphetamine methamphetamine ephedrine barbiturate coumarin flavone quercetin anthraquinone
    hydroquinone catechol resorcinol cresol pyrogallol acetophenone benzophenone benzaldehyde
    salicylaldehyde benzidine xylene mesitylene cumene adrenaline noradrenaline epinephrine
    ephrine tubocurarine serotonin melatonin folate nucleoside cholanic cholic methadone
    camptothecin neuraminic amylose phorbol ingenol taxol baccatin podophyllotoxin podocarpic
    abietic thyronine thyroxine spermine spermidine putrescine glucosamine galactosamine
    mannosamine ethanolamine glutathione sphingosine sphinganine ceramide daidzein genistein
    rutin morphinan morpholine piperazine piperidine pyrrole pyrrolidine furan thiophene
    imidazole thiazole oxazole pyrazole thiazolidine biguanide carbazole acridine nitrosamine
    ephedrone arachidonic cannabinol naphthol paraben aspartame dioxolane dioxane phthalimide
    succinimide maleimide carbodiimide diimide urethane carbamate glucan"""
)

INFIXES = words(
    """an en yn adien atrien atetraen apentaen ahexaen adiyn ane ene yne adiene atriene anyl enyl a
    al"""
)

SUFFIXES = words(
    """e ol al one on in ine an ane en ene yn yne ium ide ate ite ic oic oate oyl yl ylidene
    ylidyne diyl triyl yloxy yl oxy ylamino ylmethyl ylethyl ylidenamino ylium ide id id ose
    oside osyl osylated itol uronic uronate onic onate aric arate amine amin amino amide amid
    amido anilide imide imine imidamide oxime hydrazide hydrazone hydrazine nitrile nitril thiol
    thiolate thione thial aldehyde carbaldehyde carboxaldehyde carboxylic carboxylate
    carboxamide carboxamid carboxamido carbonitrile carbonyl carbohydrazide carboximidamide
    carboxyl sulfonic sulfonate sulfonamide sulfonamid sulphonic sulphonate sulphonamide
    sulfonyl sulfinic sulfinate sulfinamide sulfenamide sulfamide sulfamic phosphonic
    phosphonate phosphinic phosphinate phosphate phosphoric bisphosphate diphosphate
    triphosphate monophosphate phosphoramide sulfate sulphate diol triol tetrol tetrone pentone
    undecone azanium diene dien triene trien tetraene tetraen pentaene pentaen hexaene hexaen
    dienyl trienyl enyl ynyl enoyl enoic enoate enal enol dienoic dienoate dioyl tricarboxamide
    pentol tetraol pentaol hexol dione trione tetrone dial diamine triamine tetramine diamide
    dioic dioate tricarboxylic dicarboxylic tetracarboxylic dicarboxylate tricarboxylate
    dicarboxamide disulfonic disulfonate trisulfonic dicarbonitrile dinitrile dithiol
    dithiocarbamate thiocarbamate carbamate carbamic acetate acetic acetamide acetonitrile
    propionate propionic propanoate propanoic butyrate butyric butanoate benzoate benzoic
    acrylate acrylic cinnamate anhydride olide lactone lactam urea thiourea guanidine oxide
    dioxide trioxide ium inium idine idin idyl azine aniline phenol ether quinone semicarbazone
    semicarbazide arsonic boronic boronate seleninic selenol ammonium phosphonium sulfonium
    anthine xanthine nucleotide glycol glycerol alcohol oxyl oxylamine olate enolate ester
    hydrin chlorohydrin imid imido imidoyl icin yloxymethyl oyloxy ato ito ido o anone enone
    anol enol oylamino oylglycine hydroxamic hydroximic hydroxamate hydroxylamine uria aminium
    idinium oxazole thiazole imidazole pyridine pyrimidine pyrazine piperidine piperazine
    quinoline indole pyrrole furan thiophene pyran azepine diazepine oxazine thiazine triazole
    tetrazole oxadiazole thiadiazole pyridazine purine cyclohexane cyclopentane benzene"""
)

GREEK = words("alpha beta gamma delta epsilon zeta eta kappa lambda omega psi")

# Short pieces between hyphens and brackets: locants and stereo descriptors.
DESCRIPTORS = words(
    """N O S P C H D L R E Z a b c d e f g h i j k l m n o p r s t x y z A B F M dl DL rac rel meso
    syn anti exo endo cis trans tert sec iso neo ortho meta para all bis tris tetrakis di tri
    spiro bicyclo tricyclo tetracyclo cyclo yl ylidene oxy amino carbonyl sulfonyl oxo lambda
    oyl ol one al amine dione diol diyl carboxylic carboxylate carboxamide carbonitrile
    sulfonamide sulfonic sulfonate ene en yn an ide ium diene dien triene trien triol trione
    olide thione thiol imine nitrile ylium enyl ynyl oic oate ic ate NH RS SR Se Te aR bR aS bS
    aH bH nor seco homo deoxy anhydro didehydro dihydro tetrahydro hexahydro octahydro deca
    hydro methano epoxy ethano phosphate ylmethyl yloxy ylamino ylidenemethyl aza oxa thia diaza
    dioxa triaza dithia oxathia ose uronic onic ulose ulosonic furanosyl pyranosyl furanose
    pyranose pyranoside furanoside glycero gluco galacto manno arabino ribo xylo erythro threo
    ido talo altro allo gulo lyxo"""
)

CATIONS = words(
    """lithium sodium potassium rubidium cesium caesium beryllium magnesium calcium strontium
    barium aluminum aluminium gallium indium thallium tin lead bismuth titanium vanadium
    chromium manganese iron cobalt nickel copper zinc zirconium molybdenum ruthenium rhodium
    palladium silver cadmium tungsten platinum gold mercury gadolinium cerium lanthanum uranyl
    ammonium disodium trisodium tetrasodium dipotassium tripotassium dilithium monosodium
    monopotassium hydrogen carbon nitric nitrous nitrogen ferric ferrous cupric cuprous stannous
    stannic mercuric mercurous plumbous chromic manganous cobaltous sulfur sulphur silicon
    phosphorus selenium boron antimony arsenic tetramethylammonium tetraethylammonium
    tetrabutylammonium chlorine deuterium uranium osmium dinitrogen"""
)

ANIONS = words(
    """fluoride chloride bromide iodide oxide dioxide trioxide tetroxide pentoxide monoxide
    hydroxide peroxide superoxide sulfide sulphide disulfide hydride cyanide azide nitride
    phosphide carbide selenide telluride arsenide dichloride trichloride tetrachloride
    pentachloride difluoride trifluoride hexafluoride tetrafluoride dibromide tribromide
    diiodide triiodide nitrate nitrite sulfate sulphate sulfite bisulfite metabisulfite
    thiosulfate persulfate bisulfate carbonate bicarbonate phosphate pyrophosphate diphosphate
    triphosphate phosphite chlorate perchlorate hypochlorite chlorite bromate iodate periodate
    chromate dichromate permanganate borate tetraborate borohydride silicate aluminate tungstate
    molybdate vanadate orthovanadate arsenate arsenite selenate selenite thiocyanate cyanate
    ferricyanide ferrocyanide hexacyanoferrate acetate citrate tartrate lactate oxalate formate
    benzoate succinate fumarate maleate gluconate stearate salicylate ascorbate carbamate
    mesylate tosylate triflate hydrochloride dihydrochloride trihydrochloride hydrobromide
    hydroiodide hemisulfate hydrogencarbonate hydrogenphosphate dihydrogenphosphate
    hydrogensulfate nitroprusside propionate butyrate valproate palmitate oleate pyruvate malate
    glutamate aspartate nicotinate arsenide dithionite iodide hexachloroplatinate
    tetrahydroborate amide hypophosphite edetate cacodylate malonate laurate myristate caprylate
    benzenesulfonate"""
)

ACIDS = words(
    """acetic formic propionic butyric valeric lactic citric oxalic malonic succinic glutaric
    adipic maleic fumaric tartaric malic benzoic salicylic phthalic nicotinic isonicotinic
    sulfuric sulphuric nitric nitrous hydrochloric hydrobromic hydrofluoric hydroiodic
    phosphoric phosphorous boric carbonic perchloric hypochlorous chromic peracetic
    trifluoroacetic trichloroacetic ascorbic pyruvic glutamic aspartic palmitic stearic oleic
    linoleic linolenic arachidonic lauric myristic caproic caprylic uric folic retinoic
    hydrocyanic sulfurous glycolic gallic caffeic ferulic cinnamic shikimic orotic hippuric
    mandelic glucuronic gluconic anthranilic picric arsenous arsenic selenious hyaluronic
    deoxycholic cholic valproic periodic mevalonic iduronic protocatechuic cacodylic sialic
    kojic tannic pantothenic lipoic abscisic jasmonic quinic squaric"""
)

AFTERWORDS = words(
    """hydrochloride dihydrochloride trihydrochloride hydrobromide hydroiodide monohydrate
    dihydrate trihydrate hemihydrate hydrate sulfate sulphate phosphate diphosphate triphosphate
    acetate mesylate maleate fumarate tartrate citrate oxalate bromide chloride iodide
    dichloride dibromide nitrate succinate tosylate acid ester anhydride oxime monohydrochloride
    trifluoroacetate bisphosphate"""
)

# Classes named after their groups: diethyl ether, benzyl alcohol.
CLASS_WORDS = words(
    """ether alcohol ketone glycol sulfoxide sulphoxide sulfone sulfide disulfide amine mercaptan
    peroxide cyanide isocyanate isothiocyanate hydroperoxide"""
)

# What is glued to a name by a hyphen without being part of it.
ATTACHED = words(
    """induced treated mediated like dependent containing free based sensitive resistant related
    labeled labelled stimulated binding bound coated associated evoked fed loaded exposed
    derived dependence activated insensitive independent elicited specific selective responsive
    negative positive rich deficient depleted producing degrading enriched linked modified
    conjugated conjugate reducing oxidizing lowering releasing blocking inhibited pretreated
    preferring only alone type family class site sites group groups substituted fixed embedded
    terminal terminated saturated buffered soluble inducible gated regulated catalyzed catalysed
    tolerant infused injected challenged primed water ethanol"""
)

RADICAL_SUFFIXES = words(
    """amine ammonium phosphine silane borane hydrazine ether ketone alcohol glycol urea thiourea
    guanidine sulfide disulfide sulfoxide sulfone isocyanate isothiocyanate nitrosamine
    nitrosourea phosphate phosphonate carbamate carbonate magnesium lithium oxonium sulfonium
    phosphonium imidazolium pyridinium thiol hydroperoxide peroxide phosphorodiamidate urethane
    formamide acetamide amide imine oxime nitrile chloride bromide iodide nitrite nitrate"""
)
"""What follows a whole substituent: ``amine`` in trimethylamine."""

NOT_NAMES = words(
    """paraformaldehyde polyvinylpyrrolidone polyacrylamide polyethylene polypropylene polystyrene
    vinylidene isofluorane cyclophosphamide norepinephrine phenylephrine
    hydrocortisone deoxycorticosterone succinylcholine chloroquine hydroxychloroquine
    glycopyrrolate benztropine isosorbide allopurinol allopregnanolone pregnenolone
    aminophylline benzoylecgonine phenylpropanolamine methylatropine isoprostane prostanoids
    ribonucleotides deoxynucleotide thienodiazepine bisbenzylisoquinoline benzylisoquinoline
    methylxanthine dihydropyridine benzisoxazole catecholamine methamphetamine hydroxyl
    isoflavone isoflavones guanidoacetate phosphoinositide phosphoinositides hydrolyse catalyse
    analyse electrolyse securin ribonucleotide cephalosporin aminoimidazole ideal erythroid
    prostanoid adenylate thymidylate guanylate uridylate cytidylate ethanolic methanolic
    phenolic nitrosylated hormone hormones one tone inane urine uric uranium propose methodone
    ketone ketones diene alkane steroid steroids indoles oxidant oxidative thereal ionic anionic
    cationic amide imide oxide oxime amine imine nitrile thiol azide ester ether ethers acid
    salt glycoside aminoglycoside nucleoside nucleotide aminonucleoside fluoroquinolone
    sulfonylurea quinolone carbamate dithiocarbamate acetal mono poly iodide bromide"""
)
"""Words and classes of compounds that the tables would read as one name."""
